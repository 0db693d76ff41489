namespace Outerloop.Policies.Servers;

/// <summary>What servers are reached with that a run does not decide.</summary>
/// <param name="Notices">Is told what someone who watches should know: a server that is paused, a request that waits long.</param>
public sealed record ServerSurroundings(TimeProvider Clock, IProgress<string> Notices);
