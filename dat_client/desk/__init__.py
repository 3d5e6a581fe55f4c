"""The partner's desk: pages on the partner's own machine, for who posts without a system of their own."""
