"""How requests reach the app: nobody who is slow, broken or greedy keeps others waiting (ADR 35)."""
