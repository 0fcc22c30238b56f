"""What can be rented in which month, and at which price."""
