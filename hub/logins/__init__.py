"""Who is logged in to the pages: by an OpenID provider, with sessions that end by themselves."""
