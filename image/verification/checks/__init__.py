"""The checks: each looks at a subject and says what it finds. One that raises has failed, for that reason."""
