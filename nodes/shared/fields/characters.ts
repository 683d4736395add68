/**
 * Characters without a glyph: blanks, controls, format and direction marks, private use, variation selectors,
 * fillers, and the Braille blank, which Unicode counts as a symbol.
 */
const invisible =
	/[\p{White_Space}\p{Cc}\p{Cf}\p{Co}\p{Default_Ignorable_Code_Point}\p{Variation_Selector}\u2800]/u;

/** Characters around free text that are not part of it. An emoji may end in another invisible character. */
const blank = /[\p{White_Space}\u200b\u2060\ufeff]/u;

const isInvisible = (character: string) => invisible.test(character);

function trimWhile(text: string, isOutside: (character: string) => boolean): string {
	const characters = Array.from(text);
	let start = 0;
	let end = characters.length;
	while (start < end && isOutside(characters[start])) start++;
	while (end > start && isOutside(characters[end - 1])) end--;
	return characters.slice(start, end).join('');
}

/** The text without invisible characters at its edges, as a copied cell or address has them. */
export const trimInvisible = (text: string) => trimWhile(text, isInvisible);

/** Free text without blanks at its edges; empty if no character of it has a glyph. */
export const trimBlanks = (text: string) =>
	trimInvisible(text) === '' ? '' : trimWhile(text, (character) => blank.test(character));

/** The first invisible character other than a space, as `U+200E`. */
export function invisibleIn(text: string): string | undefined {
	const found = Array.from(text).find((one) => one !== ' ' && isInvisible(one));
	const code = found?.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
	return code && `U+${code}`;
}

/** False if a surrogate stands alone, such as in half an emoji: such text has no UTF-8 form. */
export const isWellFormed = (text: string) => !/\p{Cs}/u.test(text);

/** The start of a value for a message, every invisible character of it as its code. */
export const excerpt = (text: string) =>
	Array.from(text)
		.slice(0, 60)
		.map((one) => (one === ' ' ? one : (invisibleIn(one) ?? one)))
		.join('');
