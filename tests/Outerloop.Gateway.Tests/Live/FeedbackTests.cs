using Outerloop.Gateway.Tests.Support;
using Outerloop.Storage;

namespace Outerloop.Gateway.Tests.Live;

public sealed class FeedbackTests
{
    [Fact]
    public async Task The_last_verdict_on_an_answer_counts_and_a_correction_is_verified()
    {
        await using LiveRun run = await LiveRun.Start();
        string id = (await run.Ask(LiveRun.Problem)).Body!["id"]!.GetValue<string>();

        GatewayReply accepted = await Say(run, $"{{\"id\":\"{id}\",\"verdict\":\"accept\"}}");
        GatewayReply wrong = await Say(run, $"{{\"id\":\"{id}\",\"verdict\":\"reject\",\"correction\":\"pickup b2\",\"comment\":\"<script>\\u001b[2J\\u0000\"}}");
        GatewayReply right = await Say(run, $"{{\"id\":\"{id}\",\"choice\":0,\"verdict\":\"reject\",\"correction\":\"unstack b1 b2 putdown b1 pickup b2 stack b2 b1\"}}");

        Assert.Equal([200, 200, 200], new[] { accepted.Status, wrong.Status, right.Status });
        Assert.Null(accepted.Body!["correction"]);
        Assert.Equal("invalid", wrong.Body!["correction"]!.GetValue<string>());
        Assert.Equal("valid", right.Body!["correction"]!.GetValue<string>());
        await using RunStore store = await run.OpenStore();
        Assert.False(Assert.Single(await store.Verdicts(LiveRun.Domain)).Value);
    }

    [Theory]
    [InlineData("{\"verdict\":\"accept\"}", 400)]
    [InlineData("{\"id\":\"chatcmpl-none\",\"verdict\":\"accept\"}", 404)]
    [InlineData("{\"id\":\"chatcmpl-none\",\"verdict\":\"perhaps\"}", 400)]
    [InlineData("{\"id\":7,\"verdict\":\"accept\"}", 400)]
    [InlineData("{\"id\":\"' OR 1=1 --\",\"verdict\":\"accept\"}", 404)]
    [InlineData("{\"id\":\"chatcmpl-none\",\"verdict\":\"accept\",\"choice\":-1}", 400)]
    [InlineData("{\"id\":\"chatcmpl-none\",\"verdict\":\"accept\",\"choice\":1e9}", 400)]
    [InlineData("{\"id\":\"\\ud800\",\"verdict\":\"accept\"}", 400)]
    [InlineData("{\"id\":\"\\u0000\",\"verdict\":\"accept\"}", 400)]
    [InlineData("[]", 400)]
    [InlineData("{", 400)]
    public async Task What_is_no_feedback_is_refused(string body, int status)
    {
        await using LiveRun run = await LiveRun.Start();

        Assert.Equal(status, (await Say(run, body)).Status);
        Assert.Equal(400, (await Say(run, $"{{\"id\":\"{new string('x', 101)}\",\"verdict\":\"accept\"}}")).Status);
        Assert.Equal(400, (await Say(run, $"{{\"id\":\"a\",\"verdict\":\"accept\",\"correction\":\"{new string('x', 100_001)}\"}}")).Status);
        Assert.Equal(400, (await Say(run, $"{{\"id\":\"a\",\"verdict\":\"accept\",\"comment\":\"{new string('x', 10_001)}\"}}")).Status);
        Assert.Empty(run.Gateway.Notices);
    }

    [Fact]
    public async Task A_gateway_without_a_record_takes_no_feedback()
    {
        await using BaseGateway gateway = await BaseGateway.Start();

        Assert.Equal(404, (await gateway.Post("/v1/feedback", "{\"id\":\"chatcmpl-none\",\"verdict\":\"accept\"}")).Status);
    }

    private static Task<GatewayReply> Say(LiveRun run, string body) => run.Gateway.Post("/v1/feedback", body);
}
