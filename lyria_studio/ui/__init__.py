"""Widgets shared by the screens. Streamlit is imported here, in the pages and in app.py only."""
