"""What Messenger, Instagram and the WhatsApp Cloud API have in common: Meta's Graph API and its signed webhooks."""
