"""Changes that need two persons and a coded reason (vier-ogenprincipe)."""
