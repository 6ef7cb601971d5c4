"""How true, how soon and at what price deployment tools tell how a deployment ended; run by `make verdicts`."""
