/** What the class of a trigger calls. */
export { poll } from './trigger/poll';
export {
	eventsField,
	eventsSubtitle,
	optionProperties,
	readTriggerOptions,
	selectedEvents,
} from './trigger/triggerOptions';
export { handleWebhook, reject } from './trigger/webhook';
export { digestAuth, sharedSecretAuth, type WebhookAuth } from './trigger/webhookAuth';
export {
	pastedSignatureAuth,
	registeredSignatureAuth,
	requirePastedSecret,
	savedEventTypes,
	savedSecretDigest,
} from './trigger/registration';
export { isRegistered, register, unregister, type WebhookApi } from './trigger/webhookRegistration';
