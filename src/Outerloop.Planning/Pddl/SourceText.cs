namespace Outerloop.Planning.Pddl;

/// <summary>A text together with the name under which messages refer to it (a path, or a name such as "goal").</summary>
public sealed record SourceText(string File, string Text)
{
    /// <summary>Reads a file as UTF-8; bytes that are not UTF-8 become U+FFFD, which every reader here refuses.</summary>
    public static SourceText FromFile(string path) => new(path, System.IO.File.ReadAllText(path));

    public override string ToString() => File;
}
