/** The credential's field with the key that signs webhooks; the trigger reads it. */
export const webhookKey = 'webhookKey';
