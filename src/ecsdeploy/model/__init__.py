"""What exists: frozen values, standard library only. Every package but `sim` may import it."""
