namespace Outerloop.Cli.Display;

/// <summary>Says each notice as a line that stays.</summary>
internal sealed class SaidNotices(IProgressDisplay display) : IProgress<string>
{
    public void Report(string value) => display.Say(value);
}
