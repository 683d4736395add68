/** What the class of a trigger calls. */
export { handleWebhook as receive } from './trigger/webhook';
export {
	selectedEvents as chosen,
	eventsField as events,
	triggerOptionProperties as shownSwitches,
	readTriggerOptions as switched,
} from './trigger/triggerOptions';
export { poll } from './trigger/poll';
export {
	isRegistered,
	register,
	savedSecret as secretIn,
	savedEventTypes as typesIn,
	unregister,
	type WebhookApi as Registry,
} from './trigger/webhookRegistration';
