"""The dashboard around its pages: what is asked, how it is kept, shown and handed out."""
