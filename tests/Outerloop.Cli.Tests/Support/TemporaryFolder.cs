namespace Outerloop.Cli.Tests.Support;

/// <summary>A folder of its own, gone at the end.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("outerloop-cli-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, string text)
    {
        System.IO.File.WriteAllText(File(name), text);
        return File(name);
    }

    /// <summary>A copy of the bundled base, to be spoilt.</summary>
    public string CopyOfBase(string name)
    {
        Directory.CreateDirectory(File(name));
        foreach (string file in Directory.EnumerateFiles(System.IO.Path.Combine(AppContext.BaseDirectory, "models", "base")))
            System.IO.File.Copy(file, System.IO.Path.Combine(File(name), System.IO.Path.GetFileName(file)));
        return File(name);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
