/** The API descriptions of test/specs: parsed and compiled once per worker instead of once per test file. */
const { readFileSync } = require('node:fs');
const { Ajv } = require('ajv');
const addFormats = require('ajv-formats').default;
const { parse } = require('yaml');

/** A function that is called once for each file of this worker. */
function oncePerFile(read) {
	const known = new Map();
	return (file) => {
		if (!known.has(file)) known.set(file, read(file));
		return known.get(file);
	};
}

const textOf = oncePerFile((file) => readFileSync(file, 'utf8'));

/** The parts of a document that its schemas refer to have this name in them. */
const id = 'description';

function readDescription(file) {
	const document = parse(textOf(file), (key, value) => (key === '$ref' ? `${id}${value}` : value));
	const ajv = addFormats(new Ajv({ strict: false }));
	ajv.addSchema({ components: document.components }, id);
	const compiled = new Map();
	return {
		document,
		check(schema, value, key = schema) {
			const isValid = compiled.get(key) ?? ajv.compile(schema);
			compiled.set(key, isValid);
			return isValid(value) ? undefined : ajv.errorsText(isValid.errors);
		},
	};
}

module.exports = {
	textOf,
	/**
	 * @returns `document`, its references absolute, and `check`, which compares a value with a schema and
	 * keeps what it compiles by the schema, or by another object that lasts
	 */
	descriptionOf: oncePerFile(readDescription),
};
