"""How the verifier is asked: over HTTP by machines, on a page by people; and what it hears on Kafka."""
