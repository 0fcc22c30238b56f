"""The world we do not control: its values, its file, its tree of parts."""
