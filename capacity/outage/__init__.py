"""An incident replayed, and what would have helped."""
