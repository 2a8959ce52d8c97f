import assert from 'node:assert/strict';
import { type Dispatcher, MockAgent } from 'undici';

/** A MockAgent without a network that remembers the requests nobody expected. */
class StrictMockAgent extends MockAgent {
  readonly unexpected: string[] = [];

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    try {
      return super.dispatch(options, handler);
    } catch (error) {
      this.unexpected.push(`${options.method} ${String(options.origin)}${options.path}`);
      throw error;
    }
  }
}

/**
 * Gives every test of a suite its own mocked HTTP, and fails the test when a reply was not used or a
 * request was not expected. Call it in a `describe`; the function it returns gives the agent of the running
 * test.
 */
export function useMockHttp(): () => StrictMockAgent {
  let agent: StrictMockAgent;
  beforeEach(() => {
    agent = new StrictMockAgent();
    agent.disableNetConnect();
  });
  afterEach(async () => {
    const pending = agent
      .pendingInterceptors()
      .map(({ method, origin, path }) => `${method} ${origin}${path}`);
    await agent.close();
    assert.deepEqual({ unused: pending, unexpected: agent.unexpected }, { unused: [], unexpected: [] });
  });
  return () => agent;
}
