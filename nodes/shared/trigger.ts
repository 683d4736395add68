/** What the class of a trigger calls. */
export { receive } from './listen/hook';
export { chosen, events, shownSwitches, switched } from './listen/panel';
export { poll } from './listen/poll';
export {
	isRegistered,
	register,
	secretIn,
	typesIn,
	unregister,
	type Registry,
} from './listen/registered';
