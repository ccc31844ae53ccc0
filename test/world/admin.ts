/** An admin with a service token, over REST. Throws for every answer that is not 2xx; `raw` does not. */
export class Admin {
  constructor(
    private readonly api: string,
    private readonly token: string,
  ) {}

  async get<Body>(path: string): Promise<Body> {
    return this.expect('GET', path, undefined);
  }

  async post<Body>(path: string, body: object): Promise<Body> {
    return this.expect('POST', path, body);
  }

  async put<Body>(path: string, body: object): Promise<Body> {
    return this.expect('PUT', path, body);
  }

  async delete<Body>(path: string): Promise<Body> {
    return this.expect('DELETE', path, undefined);
  }

  async raw(method: string, path: string, body?: object): Promise<{ readonly status: number; readonly body: unknown }> {
    const answer = await fetch(this.api + path, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
  }

  private async expect<Body>(method: string, path: string, body: object | undefined): Promise<Body> {
    const answer = await this.raw(method, path, body);
    if (answer.status >= 300)
      throw new Error(`${method} ${path} was answered with ${String(answer.status)}: ${JSON.stringify(answer.body)}`);
    return answer.body as Body;
  }
}
