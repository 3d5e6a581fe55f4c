"""What was processed, as lines of the Dutch standard Logboek Dataverwerkingen: sent on, and read."""
