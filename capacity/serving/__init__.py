"""One replica of a language model: its memory, its speed, its latency, and what calibrated them."""
