/** Imported before Recurly's SDK, which reads it once: it then refuses an answer with a field that it does not know. */
process.env.RECURLY_STRICT_MODE = 'TRUE';
