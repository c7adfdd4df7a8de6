/** Signing in: every way in which it can be led astray. GitHub is the emulator, over real HTTP. */
