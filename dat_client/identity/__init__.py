"""Turn what a partner knows of a person into the inputs of pseudonyms, on the partner's own machine."""
