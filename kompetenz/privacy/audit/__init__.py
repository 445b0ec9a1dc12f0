"""What the access log, the rounds and the rights tell: the person what concerns them, the auditor that, and never what."""
