"""Logging in through a provider: OpenID Connect 1.0, its code flow with PKCE (RFC 7636).

`settings` is the section ``[desk.oidc]``, `attempt` what one login is tied to its browser by,
`provider` asks the provider, `id_token` judges what it says of who somebody is. Who that is at the
desk is said by `marsad.decide.users`, and nobody becomes a user by logging in.
"""
