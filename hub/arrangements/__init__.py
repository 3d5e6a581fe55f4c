"""How a municipality or group of them divides the work: dated, hashed configuration, one engine for all."""
