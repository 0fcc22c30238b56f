"""What to buy, when and on which terms."""
