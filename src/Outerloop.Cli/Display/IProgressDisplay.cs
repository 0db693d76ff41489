namespace Outerloop.Cli.Display;

/// <summary>Shows how far a piece of work is: one line at a time, the next title takes the place of the last.</summary>
internal interface IProgressDisplay
{
    /// <param name="title">Names the work; a new one begins a new line.</param>
    /// <param name="tokens">Tokens handled so far in this process; 0 where there are none.</param>
    /// <param name="detail">What else there is to say.</param>
    void Show(string title, long done, long total, long tokens, string detail);

    /// <summary>Says something that stays.</summary>
    void Say(string text);
}
