"""How long data are kept, whether they really went, and a brake on removing too much (bewaartermijnen)."""
