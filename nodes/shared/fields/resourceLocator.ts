import type { INodePropertyMode } from 'n8n-workflow';

import type { Field, FieldProperty } from '../contract/field';
import { emailField, identifierField, isEmail } from './string';

/** A way to name the target other than by its ID. */
export interface LookupMode {
	/** The mode: "By Email", what to type, and what will happen with it. */
	property: { displayName: string; placeholder: string; hint?: string };
	/** What the value must be. */
	field: Field<string>;
}

export interface LocatorConfig {
	/** The node's method that fills the list. */
	searchListMethod: string;
	/** "e.g. sub_01J9…" */
	placeholder: string;
	/** A doubt about an ID, as the rest of a sentence; undefined: none. */
	check?: (id: string) => string | undefined;
	/** How to get on with an e-mail address, where there is no mode for it. */
	alternative?: string;
	/** By the mode's name. */
	lookupModes?: Record<string, LookupMode>;
}

/** A resource locator: from a list, by ID, and by what else the target is known by. */
export function resourceLocatorField(
	shown: Omit<FieldProperty, 'type' | 'default' | 'modes'>,
	how: LocatorConfig,
) {
	const {
		searchListMethod,
		placeholder,
		check,
		alternative = 'look it up first',
		lookupModes = {},
	} = how;
	const others = Object.entries(lookupModes);
	const byEmail = others.find(([mode]) => mode === 'email')?.[1].property.displayName;
	const advice = byEmail ? `choose "${byEmail}"` : alternative;
	const field = identifierField(
		{
			...shown,
			type: 'resourceLocator',
			default: { mode: 'list', value: '' },
			modes: [
				{
					displayName: 'From List',
					name: 'list',
					type: 'list',
					typeOptions: { searchListMethod, searchable: true },
				},
				{ displayName: 'By ID', name: 'id', type: 'string', placeholder },
				...others.map(([name, one]): INodePropertyMode => shownMode(name, one)),
			],
		},
		(id) => (isEmail(id) ? `is an e-mail address, not an ID: ${advice}.` : check?.(id)),
	);
	const fields = others.map(([mode, one]) => [mode, one.field]);
	return { ...field, lookupModes: Object.fromEntries(fields) as Field['lookupModes'] };
}

const shownMode = (name: string, { property }: LookupMode): INodePropertyMode => ({
	name,
	...property,
	type: 'string',
});

/** The only value of the field that shows what a locator finds: there is nothing to choose. */
export const matchPreviewValue = 'found';

/**
 * Shown under a locator whose value is fixed and no ID.
 * @param locator the locator's name
 * @param others fields that have a say in what is found
 */
export const matchPreviewField = (locator: string, others: string[]): FieldProperty => ({
	displayName: 'Finds',
	type: 'options',
	noDataExpression: true,
	default: matchPreviewValue,
	description:
		'What is found now, for you to see. Nothing is chosen here: each run looks for itself.',
	typeOptions: {
		loadOptionsMethod: 'found',
		loadOptionsDependsOn: [`${locator}.mode`, `${locator}.value`, ...others],
	},
});

/** The mode in which a customer's e-mail address finds the target. */
export const emailLookup = (finds: string): LookupMode => ({
	property: { displayName: 'By Email', placeholder: 'e.g. ada@example.com', hint: finds },
	field: emailField({ displayName: 'Email', type: 'string', default: '' }),
});
