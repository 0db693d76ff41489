namespace Outerloop.Gateway.Endpoints;

/// <summary>What an answer to a request is called. Never given again; later ones sort behind earlier ones.</summary>
/// <param name="Time">When it was asked for.</param>
internal sealed record ReplyId(string Text, DateTimeOffset Time)
{
    /// <summary>A number in [0, 1) that follows from the id.</summary>
    public double Draw() => new Seed(0).Then("canary").Then(Text).ToRandom().NextDouble();

    public static ReplyId New(string prefix, DateTimeOffset time) => new($"{prefix}{Guid.CreateVersion7(time):n}", time);
}
