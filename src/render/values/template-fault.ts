/** A failure that is the template's own, with Go's words; it needs no "error calling". */
export class TemplateFault extends Error {}
