"""How long requests wait: queues of Poisson and other arrivals, of impatient users, of batches."""
