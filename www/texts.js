/**
 * What scripts say, as a module that stays a file of its own: `mcdewey build` writes it anew in the language of the
 * library, from `static/texts/`. This one, in English, is what `trunk serve` shows.
 */

import { app, language } from "../static/texts/en.json";

export default { ...app, language };
