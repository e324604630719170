"""What to use instead of hidden state."""
