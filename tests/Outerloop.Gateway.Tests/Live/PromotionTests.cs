using Outerloop.Gateway.Tests.Support;
using Outerloop.Live;

namespace Outerloop.Gateway.Tests.Live;

public sealed class PromotionTests
{
    private static readonly (DateTimeOffset, string) Now = (DateTimeOffset.UnixEpoch, "test");

    [Fact]
    public void Decisions_add_up_to_a_current_generation_and_a_canary()
    {
        DeploymentState Of(params (int Generation, double Share)[] decisions) =>
            DeploymentState.Of(decisions.Select(one => new DeploymentDecision(one.Generation, one.Share, 0, "")), latest: 9);

        Assert.Equal(new DeploymentState(9), Of());
        Assert.Equal(new DeploymentState(0), Of((0, 1)));
        Assert.Equal(new DeploymentState(0, 1, 0.1), Of((0, 1), (1, 0.1)));
        Assert.Equal(new DeploymentState(0, 2, 0.5), Of((0, 1), (1, 0.1), (2, 0.5)));
        Assert.Equal(new DeploymentState(1), Of((0, 1), (1, 0.1), (1, 1)));
    }

    [Fact]
    public void What_is_undone_is_a_canary_or_else_the_last_promotion()
    {
        int? Before(params (int Generation, double Share)[] decisions) =>
            DeploymentState.Before([.. decisions.Select(one => new DeploymentDecision(one.Generation, one.Share, 0, ""))]);

        Assert.Null(Before());
        Assert.Null(Before((0, 1)));
        Assert.Equal(0, Before((0, 1), (1, 0.1)));
        Assert.Equal(0, Before((0, 1), (1, 0.1), (1, 1)));
        Assert.Equal(1, Before((0, 1), (1, 1), (2, 0.1)));
        Assert.Equal(1, Before((0, 1), (1, 1), (2, 0.1), (2, 1)));
        Assert.Equal(0, Before((0, 1), (1, 1), (2, 1), (1, 1))); // went back to 1; once more goes to 0, and not to 2
        Assert.Null(Before((0, 1), (1, 1), (2, 1), (1, 1), (0, 1)));
    }

    [Fact]
    public async Task What_cannot_be_promoted_or_rolled_back_is_refused()
    {
        await using LiveRun run = await LiveRun.Start();

        await Assert.ThrowsAsync<InputException>(() => Promotion.Promote(run.Path, LiveRun.Domain, 7, 1, Now, default));
        await Assert.ThrowsAsync<InputException>(() => Promotion.Promote(run.Path, LiveRun.Domain, 0, 0.5, Now, default));
        await Assert.ThrowsAsync<InputException>(() => Promotion.RollBack(run.Path, LiveRun.Domain, Now, default));
    }
}
