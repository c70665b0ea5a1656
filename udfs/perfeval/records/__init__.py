"""What a body's data is, apart from any sheet, and how it goes into forms and comes from them."""
