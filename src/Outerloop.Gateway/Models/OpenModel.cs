namespace Outerloop.Gateway.Models;

/// <summary>A model that is open, or being opened. Its owner holds a lock.</summary>
/// <param name="opening">Begun when somebody first waits for it.</param>
internal sealed class OpenModel(Lazy<Task<LiveModel>> opening)
{
    public Task<LiveModel> Model => opening.Value;

    /// <summary>Null while it is being opened.</summary>
    public LiveModel? IfOpen { get; set; }

    /// <summary>Requests under way.</summary>
    public int Uses { get; set; }

    /// <summary>When the last of them ended.</summary>
    public long Left { get; set; }

    /// <summary>Whether it is open for as long as the gateway.</summary>
    public bool Stays { get; set; }
}
