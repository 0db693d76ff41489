namespace Outerloop.Planning.Pddl;

/// <summary>A text together with the name under which messages refer to it (a path, or a name such as "goal").</summary>
public sealed record SourceText(string File, string Text)
{
    public override string ToString() => File;
}
