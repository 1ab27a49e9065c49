"""What `loopai-nb serve` answers: pages on which somebody away from the notebook decides. Plain ASGI."""
