"""What the app needs besides the client: library, worker, money, audio and the widgets."""
