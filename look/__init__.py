"""How pages look and in which language they speak: what the hub's pages and the partner's desk share."""
