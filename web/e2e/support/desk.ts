import { openBrowser, type Person, type Watched } from './browser.ts';
import { startProgram, type Program } from './program.ts';

export const owner = { name: 'Anna Linden', email: 'anna@lindenandloom.example', password: 'brass bell on the counter' };

/** The program with its browser, and what every journey does in them. */
export class Desk {
  readonly program: Program;
  readonly browser: Watched;

  private constructor(program: Program, browser: Watched) {
    this.program = program;
    this.browser = browser;
  }

  /** Variables of the environment are settings of the program; seeded is how many invented conversations there are. */
  static async open(env: Record<string, string> = {}, seeded = 0): Promise<Desk> {
    const program = await startProgram(env, seeded);
    try {
      return new Desk(program, await openBrowser(program.url));
    } catch (error) {
      await program.stop();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.program.stop();
  }

  person(...options: Parameters<Watched['person']>): Promise<Person> {
    return this.browser.person(...options);
  }

  /** Makes the first owner through the set-up link, as a newcomer does. */
  async setUp({ page }: Person): Promise<void> {
    await page.goto(this.program.setupLink);
    await page.getByLabel('Your name').fill(owner.name);
    await page.getByLabel('Email address').fill(owner.email);
    await page.getByLabel('Password', { exact: true }).fill(owner.password);
    await page.getByRole('button', { name: 'Create my account' }).click();
    await page.getByRole('heading', { name: `Welcome, ${owner.name}` }).waitFor();
  }

  /** Makes the first owner without the page, for journeys that are about something else. */
  async setUpQuietly(person: Person): Promise<void> {
    const token = new URL(this.program.setupLink).searchParams.get('token');
    await this.api(person, 'POST', '/setup', { ...owner, token, locale: 'en' });
  }

  /** Signs in on the page and waits for what comes after. */
  async signIn({ page }: Person, email = owner.email, password = owner.password): Promise<void> {
    await page.goto('/sign-in');
    await page.getByLabel('Email address').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL((url) => url.pathname !== '/sign-in');
  }

  /** Calls the API with the cookies of the person. */
  async api<T = unknown>({ context }: Person, method: string, path: string, data?: unknown): Promise<T> {
    const answer = await context.request.fetch(`${this.program.url}/api/v1${path}`, { method, data });
    const text = await answer.text();
    if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${text}`);
    return (text ? JSON.parse(text) : undefined) as T;
  }

  /** Asks the API until the answer is as it must become; what is not there yet is asked again. */
  async until<T>(person: Person, path: string, ready: (answer: T) => boolean): Promise<T> {
    for (let tries = 0; ; tries++) {
      const answer = await this.api<T>(person, 'GET', path).catch((error: unknown) => {
        if (tries > 100) throw error;
        return undefined;
      });
      if (answer !== undefined && ready(answer)) return answer;
      if (tries > 100) throw new Error(`${path} did not become ready: ${JSON.stringify(answer)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** An inbox without mail servers: mail reaches it by the SMTP door and by the API. */
  async addInbox(person: Person, more: object = {}): Promise<{ id: number; address: string }> {
    const inbox = { name: 'Support', channel: 'email', address: 'support@lindenandloom.example', from_name: 'Linden & Loom' };
    return this.api(person, 'POST', '/inboxes', { ...inbox, ...more });
  }
}
