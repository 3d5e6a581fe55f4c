"""Contact signals (signaal): that there was contact, never what about; posted, listed, withdrawn, expired."""
