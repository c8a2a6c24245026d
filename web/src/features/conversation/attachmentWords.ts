// People say that they attach something in their own language, whatever language the console speaks.
const words = [
  /\b(attach(ed|ing|ment|ments)?|enclosed)\b/i,
  /添付/,
  /(?<!\p{L})(ekte|ekli|ekledim|ekliyorum|iliştir)/iu,
  /(?<!\p{L})(вклада|прикріп|додаю|у додатку|долуч)/iu,
];

/** Whether a text speaks of a file that goes with it. */
export function speaksOfFile(text: string): boolean {
  return words.some((word) => word.test(text));
}
